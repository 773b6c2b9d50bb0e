/** @param {import('../domain.mjs').Domain} domain */
export const module = ({ names }) => `
import { Module } from '@nestjs/common';
import { ${names.Many}Controller } from './${names.folder}.controller.js';
import './${names.folder}.policy.js';
import { ${names.Many}Resolver } from './${names.folder}.resolver.js';
import { ${names.Many}Service } from './${names.folder}.service.js';

@Module({
  controllers: [${names.Many}Controller],
  providers: [${names.Many}Service, ${names.Many}Resolver],
  exports: [${names.Many}Service],
})
export class ${names.Many}Module {}
`;
