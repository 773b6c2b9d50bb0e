import ar from './ar.json' with { type: 'json' };
import de from './de.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import es from './es.json' with { type: 'json' };
import ja from './ja.json' with { type: 'json' };

export const accessTexts = { en, de, es, ar, ja };
/** Texts of details. */
export const accessDetailTexts = {
  en: {
    'detail.BEYOND_OWN': 'It gives more than you have.',
    'detail.TAKEN_BEYOND_OWN': 'A role that gives more than you have would be taken away.',
  },
  de: {
    'detail.BEYOND_OWN': 'Damit würden Sie mehr vergeben, als Sie haben.',
    'detail.TAKEN_BEYOND_OWN': 'Damit würden Sie mehr nehmen, als Sie haben.',
  },
  es: {
    'detail.BEYOND_OWN': 'Da más de lo que usted tiene.',
    'detail.TAKEN_BEYOND_OWN': 'Quitaría más de lo que usted tiene.',
  },
  ar: { 'detail.BEYOND_OWN': 'يمنح أكثر مما لديك.', 'detail.TAKEN_BEYOND_OWN': 'سيُسحب دور يمنح أكثر مما لديك.' },
  ja: {
    'detail.BEYOND_OWN': '自分の権限を超えています。',
    'detail.TAKEN_BEYOND_OWN': '自分の権限を超えるロールが取り消されます。',
  },
};
