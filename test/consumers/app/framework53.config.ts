import type { Configuration } from 'framework53-cdk/app';

export default { default: { region: 'eu-west-1' } } satisfies Configuration;
