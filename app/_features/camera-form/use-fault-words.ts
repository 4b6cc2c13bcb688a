import { useTranslations } from 'next-intl';
import type { FieldError } from 'react-hook-form';

/** The sentence under a field; what the contract alone refused is too long for it. */
export function useFaultWords(): (error: FieldError | undefined) => string | undefined {
  const t = useTranslations('form.error');
  return (error) => {
    if (!error) return undefined;
    const [word = '', ...about] = (error.message ?? '').split(':');
    switch (word) {
      case 'required':
      case 'number':
      case 'url':
      case 'address':
        return t(word);
      case 'range':
        return t('range', { min: about[0] ?? '', max: about[1] ?? '' });
      case 'scheme':
        return t('scheme', { schemes: about.join(':') });
      default:
        return t('tooLong');
    }
  };
}
