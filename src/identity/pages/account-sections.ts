import { Injectable } from '@nestjs/common';
import { html, type Html } from '#libs/http/html.js';
import type { Visit } from '#libs/pages/visit.js';
import type { OpenAccount } from './account-gate.js';

export interface AccountSection {
  /** Its anchor on the page. */
  readonly id: string;
  /** Of all sections, from small to large. */
  readonly order: number;
  /** Key of its heading. */
  readonly title: string;
  readonly show: (visit: Visit, open: OpenAccount) => Html | Promise<Html>;
}

/** What stands on the account page. Whatever belongs to an account adds its section when it is made. */
@Injectable()
export class AccountSections {
  private readonly sections: AccountSection[] = [];

  add(section: AccountSection): void {
    this.sections.push(section);
    this.sections.sort((a, b) => a.order - b.order);
  }
  async show(visit: Visit, open: OpenAccount): Promise<Html> {
    const shown: Html[] = [];
    for (const { id, title, show } of this.sections)
      shown.push(
        html`<section id="${id}" aria-labelledby="${id}-title">
          <h2 id="${id}-title">${visit.text(title)}</h2>
          ${await show(visit, open)}
        </section>`,
      );
    return html`${shown}`;
  }
}
