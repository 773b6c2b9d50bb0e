import { Global, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { Config } from '#libs/config/config.js';
import { Database } from './database.js';
import { ormOptions } from './orm.js';
import { Reads } from './reads.js';
import { bindResources } from './resource.js';
import { Statements } from './statements.js';

/** MikroORM, transactions and the read compiler, for every module. */
@Global()
@Module({})
export class DatabaseModule implements OnModuleInit {
  constructor(
    private readonly orm: MikroORM,
    private readonly statements: Statements,
    private readonly config: Config,
  ) {}

  static forRoot(entities: Options['entities']): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        MikroOrmModule.forRootAsync({
          driver: ormOptions({ database: {} as never }, []).driver,
          inject: [Config],
          useFactory: (config: Config) => ormOptions(config, entities),
        }),
      ],
      providers: [Statements, Reads, Database],
      exports: [Statements, Reads, Database],
    };
  }
  onModuleInit(): void {
    this.statements.named = this.config.database.namedStatements;
    bindResources(this.orm);
  }
}
