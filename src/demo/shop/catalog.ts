import { electronics } from './catalog-electronics.js';
import { home } from './catalog-home.js';
import { living } from './catalog-living.js';
import { outdoors } from './catalog-outdoors.js';
import type { DemoCategory } from './catalog-section.js';

/** Everything that the demo shop sells, in the order of its menu. */
export const catalog: readonly DemoCategory[] = [...electronics, ...home, ...living, ...outdoors];
