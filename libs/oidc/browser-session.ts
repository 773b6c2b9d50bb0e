import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { remember } from './answer.js';
import { Issuer } from './issuer.js';

export interface SignedIn {
  readonly accountId: string;
  /** How (RFC 8176). */
  readonly amr: readonly string[];
  /** Seconds since 1970. */
  readonly since: number;
  /** Of the browser's session, no secret: what `Sessions.endAll` leaves alone. */
  readonly uid: string;
}

/** Who is signed in in a browser: for pages of an account, which no client has sent it to. */
@Injectable()
export class BrowserSession {
  constructor(private readonly issuer: Issuer) {}

  async accountOf(request: FastifyRequest, reply: FastifyReply): Promise<SignedIn | undefined> {
    const session = await this.find(request, reply);
    if (!session.accountId) return undefined;
    return {
      accountId: session.accountId,
      amr: session.amr ?? [],
      since: session.loginTs ?? 0,
      uid: session.uid,
    };
  }
  private find(request: FastifyRequest, reply: FastifyReply) {
    remember(request);
    const provider = this.issuer.current;
    return provider.Session.get(provider.createContext(request.raw, reply.raw));
  }
}
