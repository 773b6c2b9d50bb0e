import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import { Public } from '#libs/authn/access.guard.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { detailCodes } from '#libs/errors/detail-codes.js';
import { Unlimited } from '#libs/http/edge/admission.js';
import { Lifecycle } from '#libs/http/edge/lifecycle.js';

/**
 * None of these asks the database: it is the same for every instance, so its failure must neither restart all of them
 * nor take all of them out of the load balancer. Requests say so themselves, with 503.
 */
@ApiExcludeController()
@Public()
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** The event loop turns, or there would be no answer. */
  @Unlimited()
  @Get('live')
  live() {
    return { status: 'ok' };
  }

  /** Traffic may come: started, and not on the way out. */
  @Unlimited()
  @Get('ready')
  ready(): Promise<HealthCheckResult> {
    return this.check(this.lifecycle.state === 'ready');
  }

  /** Started once; stays true while draining. */
  @Unlimited()
  @Get('startup')
  startup(): Promise<HealthCheckResult> {
    return this.check(this.lifecycle.state !== 'starting');
  }

  private async check(up: boolean): Promise<HealthCheckResult> {
    const { state } = this.lifecycle;
    const application = this.indicators.check('application');
    try {
      return await this.health.check([() => (up ? application.up({ state }) : application.down({ state }))]);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      throw new AppError(commonErrors.UNAVAILABLE, {
        details: [{ field: 'application', code: detailCodes.STATE, params: { state } }],
        privateDetail: state,
        retryAfterSeconds: 1,
      });
    }
  }
}
