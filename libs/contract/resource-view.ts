import { Id, Instant, Int } from './fields.js';

/** What every resource shows of itself. In GraphQL `version` brings the field `etag` with it. */
export abstract class ResourceView {
  @Id({ description: 'Id.' })
  id!: string;

  @Instant({ description: 'When it was made.' })
  createdAt!: string;

  @Instant({ description: 'When it was changed last.' })
  updatedAt!: string;

  @Int({ min: 1, description: 'Counts changes.' })
  version!: number;
}
