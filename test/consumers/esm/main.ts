// An ES module: named imports of a CommonJS package.
import { App, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ConstructError, Network } from 'framework53-cdk';
import { type Configuration, ENVIRONMENTS, featureFlags } from 'framework53-cdk/app';
import { type DatabaseCapacity, PooledPostgres } from 'framework53-cdk/database';

export default { production: { database: { maximumCapacity: 8 } } } satisfies Configuration;

const capacity: DatabaseCapacity = { serverlessV2MinCapacity: 1, serverlessV2MaxCapacity: 8 };
const app = new App({ context: featureFlags });
const stack = new Stack(app, `Shop-${ENVIRONMENTS.at(-1)}`);
const { vpc } = new Network(stack, 'Network');
new PooledPostgres(stack, 'Database', { vpc, name: 'shop', defaultDatabaseName: 'shop', capacity });
try {
  new PooledPostgres(stack, 'Other', { vpc, name: 'Not a name', defaultDatabaseName: 'shop', capacity });
  throw new Error('an input that is wrong was taken');
} catch (error) {
  if (!(error instanceof ConstructError)) throw error;
  stack.node.tryRemoveChild('Other');
}
Validations.of(app).addPlugins(new AwsSolutionsChecks());
app.synth();
