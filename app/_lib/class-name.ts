import { clsx, type ClassValue } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

const merge = extendTailwindMerge({
  extend: {
    theme: {
      text: ['12', '13', '14', '16', '20', '28', '40'],
      radius: ['control', 'panel', 'pill'],
      shadow: ['overlay'],
    },
  },
});

/** Class names where the later one wins. */
export const cn = (...classes: ClassValue[]): string => merge(clsx(classes));
