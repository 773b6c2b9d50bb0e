import ar from './ar.json' with { type: 'json' };
import de from './de.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import es from './es.json' with { type: 'json' };
import ja from './ja.json' with { type: 'json' };
import arDetails from './details.ar.json' with { type: 'json' };
import deDetails from './details.de.json' with { type: 'json' };
import enDetails from './details.en.json' with { type: 'json' };
import esDetails from './details.es.json' with { type: 'json' };
import jaDetails from './details.ja.json' with { type: 'json' };

export const errorTexts = { en, de, es, ar, ja };
export const detailTexts = { en: enDetails, de: deDetails, es: esDetails, ar: arDetails, ja: jaDetails };
