import { logCrashes } from '#libs/telemetry/crash-log.js';
import { Logging } from '#libs/telemetry/logging.js';

// Writes less than a block and ends the process in the way that the argument says.
const logging = new Logging({ level: 'info' });
logging.logger.info('the last words');
const how = process.argv[2];
if (how === 'exit') process.exit(0);
if (how === 'logged crash') logCrashes(logging);
if (how !== 'end') throw new Error('crash of a@example.com');
