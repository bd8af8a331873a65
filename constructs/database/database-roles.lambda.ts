import { customResource } from '../handler/custom-resource';
import { type ActiveLogin, activated } from './active-login';
import { DataApi } from './data-api';
import type { DatabaseRolesProperties } from './database-roles.properties';
import { readSecret, writeSecret } from './login-secret';
import { roleNames } from './role-names';
import {
  existingRolesQuery,
  grantsOnOwned,
  type OwnedObject,
  ownedObjectsQuery,
  roleStatements,
} from './role-statements';
import { scramVerifier } from './scram';

/** Maximum time to wait for the database, in milliseconds. It is shorter than the function's timeout of 5 minutes. */
const TIMEOUT_MILLISECONDS = 4 * 60_000;

/** Creates or updates the roles of a database as the template describes them. */
export const handler = customResource(async (event) => {
  const properties = event.ResourceProperties as unknown as DatabaseRolesProperties;
  // A Delete changes nothing: the roles own data, and another resource may already manage them.
  if (event.RequestType !== 'Delete') await ensureRoles(properties, Date.now() + TIMEOUT_MILLISECONDS);
  const { ActiveSecretArn, OwnerSecretArn, ReaderSecretArn, OperatorSecretArn } = properties;
  return { data: { ActiveSecretArn, OwnerSecretArn, ReaderSecretArn, OperatorSecretArn } };
});

async function ensureRoles(properties: DatabaseRolesProperties, deadline: number): Promise<void> {
  const { DatabaseName: database, ApplicationRole: applicationRole } = properties;
  const names = roleNames(database);
  const api = new DataApi({
    clusterArn: properties.ClusterArn,
    secretArn: properties.MasterSecretArn,
    database,
    deadline,
  });

  const secrets = await Promise.all(
    [
      properties.LoginASecretArn,
      properties.LoginBSecretArn,
      properties.OwnerSecretArn,
      properties.ReaderSecretArn,
      properties.OperatorSecretArn,
    ].map((arn) => readSecret(arn)),
  );
  const verifiers = Object.fromEntries(
    secrets.map(({ username, password }) => [username, scramVerifier(password)]),
  );
  const existing = new Set(
    (await api.execute<{ name: string }>(existingRolesQuery(names))).map(({ name }) => name),
  );
  for (const statement of roleStatements({ database, names, applicationRole, verifiers, existing }))
    await api.execute(statement);
  const owned = await api.execute<OwnedObject>(ownedObjectsQuery(names));
  for (const statement of grantsOnOwned(owned, names)) await api.execute(statement);

  await ensureActiveLogin(properties.ActiveSecretArn, secrets.slice(0, 2));
}

/** Keeps the active login and updates its password. If no login is active, activates the first one. */
async function ensureActiveLogin(
  secretArn: string,
  logins: readonly { username: string; password: string }[],
): Promise<void> {
  const active = await readSecret<ActiveLogin>(secretArn);
  const login = (active.periods && logins.find(({ username }) => username === active.username)) || logins[0]!;
  const wanted = activated(login, active, new Date());
  if (JSON.stringify(wanted) !== JSON.stringify(active)) await writeSecret(secretArn, wanted);
}
