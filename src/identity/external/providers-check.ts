import type { Config } from '#libs/config/config.js';
import { ok, problem, type Finding } from '#libs/doctor/finding.js';
import { Egress } from '#libs/egress/egress.js';
import { Resolver } from '#libs/egress/resolver.js';
import { discover, failureOf } from './sign-in-provider.js';

const CHECK = 'sign-in';

/** Whether each provider of SIGN_IN_PROVIDERS has a discovery document that the service can use. */
export async function examineProviders(config: Config): Promise<Finding[]> {
  const egress = new Egress(config, new Resolver());
  try {
    return await Promise.all(
      config.signInProviders.map(async (settings) => {
        const whom = `${settings.id} (${new URL(settings.issuer).host})`;
        try {
          await discover(settings, egress.asFetch({ timeoutMs: 5_000, maxBytes: 256 * 1024 }));
          return ok(CHECK, `${whom} describes itself`);
        } catch (error) {
          return problem(
            CHECK,
            `${whom} has no discovery document that can be used: ${failureOf(error).message}.`,
            'Correct its issuer in SIGN_IN_PROVIDERS: exactly as in its own document. On your own network name its address in EGRESS_ALLOW.',
          );
        }
      }),
    );
  } finally {
    await egress.onApplicationShutdown();
  }
}
