import japanese from './japanese.json' with { type: 'json' };
import type { DocumentView, OperationView } from './read-document.ts';

interface Words {
  introduction: string;
  tags: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
  parameters: Readonly<Record<string, string>>;
  statuses: Readonly<Record<string, string>>;
  operations: Readonly<Record<string, { summary: string; description?: string }>>;
}

const words: Words = japanese;

/** The document in Japanese, for people: machines read the English one. What has no words of its own yet stays English. */
export function inJapanese(document: DocumentView): DocumentView {
  return {
    ...document,
    introduction: words.introduction,
    tags: document.tags.map(({ name, description, operations }) => ({
      name,
      description: words.tags[name] ?? description,
      operations: operations.map(translated),
    })),
  };
}

function translated(operation: OperationView): OperationView {
  const { answer, errors, parameters } = operation;
  const said = words.operations[operation.id];
  return {
    ...operation,
    // Who may call it stands beside the address: the words need not say it again.
    ...(said && { summary: said.summary, description: said.description ?? '' }),
    parameters: parameters.map(({ name, where, required, schema, description }) => ({
      name,
      where,
      required,
      schema,
      description: words.parameters[name] ?? description,
    })),
    answer: { ...answer, description: words.statuses[answer.description] ?? answer.description },
    errors: errors.map(({ status, code, description }) => ({
      status,
      code,
      description: words.errors[code] ?? description,
    })),
  };
}
