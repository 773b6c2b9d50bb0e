import { setSourceMapsSupport } from 'node:module';
import './heap.js';

// Before anything else is loaded, so that stack traces of the build name our sources.
setSourceMapsSupport(true);
await import('./serve.js');
