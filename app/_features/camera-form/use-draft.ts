'use client';

import { useEffect, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';

import type { CameraInput } from '#server/contracts/camera.ts';

import { takeHandedCamera } from '../../_lib/camera-hand-over.ts';
import { draftValues, type FormValues } from './form-values.ts';

const keyOf = (name: string) => `camera-draft:${name}`;

function readDraft(name: string): Partial<FormValues> | null {
  try {
    const text = sessionStorage.getItem(keyOf(name));
    if (text === null) return null;
    const parsed = draftValues.safeParse(JSON.parse(text));
    // What is undefined would overwrite a field that the camera has.
    return parsed.success
      ? Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined))
      : null;
  } catch {
    // Storage is off, or holds something else: there is no draft.
    return null;
  }
}

export function forgetDraft(name: string): void {
  try {
    sessionStorage.removeItem(keyOf(name));
  } catch {
    // Storage is off: nothing was kept.
  }
}

function keepDraft(name: string, values: object): void {
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify({ ...values, password: undefined }));
  } catch {
    // Storage is off or full: the form works without a draft.
  }
}

/** Keeps what was typed in this tab's storage, all but the password, and brings it back after a reload. */
export function useDraft(
  form: UseFormReturn<FormValues, unknown, CameraInput>,
  name: string,
  initial: FormValues,
): { wasRestored: boolean; discard: () => void } {
  const [wasRestored, setWasRestored] = useState(false);
  useEffect(() => {
    // What another page found out is what the person came to add.
    const handed = name === 'new' ? takeHandedCamera() : null;
    const draft = readDraft(name);
    if (handed) form.reset({ ...initial, ...handed }, { keepDefaultValues: true });
    else if (draft) {
      form.reset({ ...initial, ...draft }, { keepDefaultValues: true });
      setWasRestored(form.formState.isDirty || Object.keys(draft).length > 0);
    }
    return form.subscribe({
      formState: { values: true },
      callback: ({ values }) => keepDraft(name, values),
    });
    // A draft is read once, when the form appears: what the camera's query brings later does not replace it.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [form, name]);
  return {
    wasRestored,
    discard: () => {
      form.reset(initial);
      forgetDraft(name);
      setWasRestored(false);
    },
  };
}
