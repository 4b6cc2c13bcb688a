import { useTranslations } from 'next-intl';

import { nameOf, type SchemaView } from './read-document.ts';

const depthMax = 2;

/** The fields of a schema; a named one is linked, not repeated. */
export function SchemaPart({ schema, depth = 0 }: { schema: SchemaView; depth?: number }) {
  const t = useTranslations('apiDocs');
  const choices = schema.anyOf ?? schema.oneOf;
  const objects = choices?.filter((choice) => choice.properties);
  if (objects && objects.length > 0)
    return objects.map((choice, index) => (
      // Choices of a fixed schema never change places.
      <div key={`choice ${String(index)}`}>
        {index > 0 ? <p className="py-1 text-12 text-quiet">{t('or')}</p> : null}
        <SchemaPart schema={choice} depth={depth} />
      </div>
    ));
  const inner = innerOf(schema);
  if (!inner.properties) return <TypeWord schema={schema} />;
  return (
    <ul lang="en" className={depth > 0 ? 'ml-3 border-l border-line pl-3' : ''}>
      {Object.entries(inner.properties).map(([name, property]) => (
        <li key={name} className="py-1 text-13">
          <span className="font-mono">{name}</span> <TypeWord schema={property} />
          {inner.required?.includes(name) ? null : <span className="text-quiet"> · {t('optional')}</span>}
          {property.description ? <span className="block text-quiet">{property.description}</span> : null}
          {innerOf(property).properties && depth < depthMax ? <SchemaPart schema={property} depth={depth + 1} /> : null}
        </li>
      ))}
    </ul>
  );
}

/** What a list holds, else the schema itself. */
function innerOf(schema: SchemaView): SchemaView {
  return typeof schema.items === 'object' && !schema.prefixItems ? innerOf(schema.items) : schema;
}

export function TypeWord({ schema }: { schema: SchemaView }) {
  const bounds = boundsOf(schema);
  return (
    <span className="text-quiet">
      <Words schema={schema} />
      {bounds ? <span className="font-mono text-12"> {bounds}</span> : null}
    </span>
  );
}

function Words({ schema }: { schema: SchemaView }) {
  if (schema.$ref)
    return (
      <a href={`#schema-${nameOf(schema.$ref)}`} className="text-text underline underline-offset-4">
        {nameOf(schema.$ref)}
      </a>
    );
  if (schema.const !== undefined)
    return <code className="font-mono text-12 break-words">{JSON.stringify(schema.const)}</code>;
  if (schema.enum)
    return (
      <code className="font-mono text-12 break-words">
        {schema.enum.map((value) => JSON.stringify(value)).join(' | ')}
      </code>
    );
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices)
    return choices.map((choice, index) => (
      <span key={`choice ${String(index)}`}>
        {index > 0 ? ' | ' : ''}
        <Words schema={choice} />
      </span>
    ));
  if (schema.type === 'array')
    return (
      <>
        {typeof schema.items === 'object' ? (
          <Words schema={schema.items} />
        ) : (
          (schema.prefixItems ?? []).map(({ type }) => type).join(', ')
        )}
        []
      </>
    );
  return <>{schema.format ?? [schema.type ?? 'any'].flat().join(' | ')}</>;
}

function boundsOf({ minimum, maximum, minLength, maxLength, default: standard }: SchemaView): string {
  const span = (least: number | undefined, most: number | undefined) =>
    least === undefined && (most === undefined || most >= Number.MAX_SAFE_INTEGER)
      ? ''
      : `${least === undefined || least <= Number.MIN_SAFE_INTEGER ? '' : String(least)}…${most === undefined || most >= Number.MAX_SAFE_INTEGER ? '' : String(most)}`;
  const range = span(minimum, maximum) || span(minLength, maxLength);
  return [range === '…' ? '' : range, standard === undefined ? '' : `= ${JSON.stringify(standard)}`]
    .filter(Boolean)
    .join(' ');
}
