import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { Config } from '#libs/config/config.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { UsedProofs } from './used-proofs.js';

/** The request that a proof is for; header names in lower case. */
export interface ProvenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}
/** Seconds that the clock of a client may differ from ours, either way. */
const tolerance = 60;
const maxProofLength = 4096;
const refused = (privateDetail: string) => new AppError(commonErrors.DPOP_PROOF_INVALID, { privateDetail });

/** Proofs of possession at our API (RFC 9449 §7): the caller has the key that its access token is bound to. */
@Injectable()
export class DpopProofs {
  constructor(
    private readonly config: Config,
    private readonly used: UsedProofs,
  ) {}

  /** DPOP_PROOF_INVALID unless the request carries a fresh proof, by the key with this thumbprint, of this token. */
  async require(request: ProvenRequest, token: string, thumbprint: string): Promise<void> {
    const proof = request.headers.dpop;
    if (typeof proof !== 'string' || proof.length > maxProofLength) throw refused('no proof, or more than one');
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: ['ES256', 'EdDSA', 'Ed25519'],
      typ: 'dpop+jwt',
    }).catch((cause: Error) => {
      throw refused(cause.message);
    });
    const { iat, jti, htm, htu, ath } = payload;
    if (typeof iat !== 'number' || Math.abs(Date.now() / 1000 - iat) > tolerance) throw refused('not made just now');
    if (htm !== request.method) throw refused('for another method');
    if (typeof htu !== 'string' || addressOf(htu) !== this.addressOf(request.url)) throw refused('for another address');
    if (ath !== createHash('sha256').update(token).digest('base64url')) throw refused('for another token');
    if ((await calculateJwkThumbprint(protectedHeader.jwk!)) !== thumbprint) throw refused('by another key');
    if (typeof jti !== 'string' || jti === '' || jti.length > 200) throw refused('without a jti');
    const id = createHash('sha256').update(`${thumbprint}\n${jti}`).digest('base64url');
    if (!(await this.used.take(id, 2 * tolerance))) throw refused('shown before');
  }
  private addressOf(url: string): string | undefined {
    return addressOf(this.config.http.publicUrl + url);
  }
}
/** Normalized, without query and fragment (RFC 9449 §4.3). */
function addressOf(text: string): string | undefined {
  const url = URL.parse(text);
  return url ? url.origin + url.pathname : undefined;
}
