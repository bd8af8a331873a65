import { type ActiveLogin, activated, MARGIN_MILLISECONDS, mayUse } from './active-login';
import { DataApi } from './data-api';
import {
  LOGIN_FAILED,
  LOGIN_IN_USE,
  NOT_SETTLED,
  type Rotation,
  type RotationEvent,
  type RotationTarget,
  SERVICE_BUSY,
} from './database-rotation.properties';
import { EcsService } from './ecs-service';
import { type LoginSecret, readSecret, writeSecret } from './login-secret';
import { passwordStatement } from './role-statements';
import { newPassword, scramVerifier } from './scram';

/**
 * Maximum time for which one step waits for the database, in milliseconds. It is shorter than the function's timeout.
 */
const TIMEOUT_MILLISECONDS = 3 * 60_000;

/** Runs one step of a rotation. Every step may run again, because the state machine retries and people restart it. */
export async function handler({ step, target, rotation }: RotationEvent): Promise<Rotation> {
  const service = new EcsService(target.ecsCluster, target.ecsService);
  if (step === 'renew') return renew(target, service);
  if (!rotation) throw new Error(`the step '${step}' needs a rotation`);
  switch (step) {
    case 'activate':
      return activate(target, rotation);
    case 'roll':
      return roll(rotation, service);
    case 'check':
      return check(target, rotation, service);
    case 'renew-others':
      return renewOtherPasswords(target, rotation);
    case 'restore':
      return restore(target, rotation);
  }
}

/** Gives the idle login a new password. No task uses that login, so no task loses its connection. */
async function renew(target: RotationTarget, service: EcsService): Promise<Rotation> {
  const active = await readSecret<ActiveLogin>(target.activeSecretArn);
  const idle = await otherLogin(target, active.username);

  if (await service.exists()) {
    if ((await service.deployment()).kind === 'running')
      throw named(SERVICE_BUSY, 'a deployment is in progress; the login is renewed after it');
    const holders = (await service.tasks()).filter((task) => mayUse(task, idle.username, active)).length;
    if (holders > 0)
      throw named(
        LOGIN_IN_USE,
        `${holders} running tasks may still use ${idle.username}, whose password must change; replace the tasks (aws ecs update-service --force-new-deployment) and start the rotation again`,
      );
  }

  await renewPassword(target, idle);
  return logged({ login: idle.username, previous: active.username });
}

/** Logs in with the new password, and makes the login active for new tasks. */
async function activate(target: RotationTarget, rotation: Rotation): Promise<Rotation> {
  const before = await readSecret<ActiveLogin>(target.activeSecretArn);
  const login = await secretOf(target, rotation.login);
  await tryLogin(target, login);
  const { username, password } = login;
  const active = activated({ username, password }, before, new Date());
  if (before.username !== username || before.password !== password)
    await writeSecret(target.activeSecretArn, active);
  return logged({ ...rotation, activatedAt: active.periods!.at(-1)!.from });
}

/** Replaces the running tasks, unless a deployment has begun whose tasks get the new login anyway. */
async function roll(rotation: Rotation, service: EcsService): Promise<Rotation> {
  if ((await service.exists()) && (await service.deployment(startOfNewTasks(rotation))).kind === 'none') {
    if ((await service.deployment()).kind === 'running')
      throw named(SERVICE_BUSY, 'a deployment is in progress; the tasks are replaced after it');
    await service.roll();
  }
  return logged({ ...rotation, rolledAt: new Date().toISOString() });
}

/** Checks whether all tasks of the service use the new login. */
async function check(target: RotationTarget, rotation: Rotation, service: EcsService): Promise<Rotation> {
  if (!(await service.exists())) return logged({ ...rotation, settled: true });

  const deployment = await service.deployment(startOfNewTasks(rotation));
  if (deployment.kind === 'failed')
    throw named(NOT_SETTLED, `the deployment with ${rotation.login} failed: ${deployment.reason}`);
  if (deployment.kind === 'succeeded') {
    const active = await readSecret<ActiveLogin>(target.activeSecretArn);
    const tasks = await service.tasks();
    if (!tasks.some((task) => mayUse(task, rotation.previous, active))) {
      await tryLogin(target, await secretOf(target, rotation.login));
      return logged({ ...rotation, settled: true });
    }
  }
  if (Date.now() > Date.parse(rotation.rolledAt!) + target.settleSeconds * 1000)
    throw named(
      NOT_SETTLED,
      `not all tasks used ${rotation.login} within ${target.settleSeconds} s (deployment: ${deployment.kind})`,
    );
  return { ...rotation, settled: false };
}

/** Returns the time from which a new task certainly has the new login. */
function startOfNewTasks({ activatedAt }: Rotation): Date {
  return new Date(Date.parse(activatedAt!) + MARGIN_MILLISECONDS);
}

/** Makes the previous login, which is still valid, active for new tasks again. */
async function restore(target: RotationTarget, rotation: Rotation): Promise<Rotation> {
  const before = await readSecret<ActiveLogin>(target.activeSecretArn);
  if (before.username === rotation.login) {
    const { username, password } = await secretOf(target, rotation.previous);
    await writeSecret(target.activeSecretArn, activated({ username, password }, before, new Date()));
  }
  return logged(rotation);
}

/** Changes the passwords of migrations and people. Their tasks log in when they start, so no task is replaced. */
async function renewOtherPasswords(target: RotationTarget, rotation: Rotation): Promise<Rotation> {
  for (const secretArn of target.otherSecretArns) {
    const login = { ...(await readSecret(secretArn)), secretArn };
    await renewPassword(target, login);
    await tryLogin(target, login);
  }
  return logged(rotation);
}

/** Sets a new password and writes it to the role's secret. */
async function renewPassword(target: RotationTarget, { username, secretArn }: Login): Promise<void> {
  const password = newPassword();
  await statements(target, target.masterSecretArn).execute(
    passwordStatement(username, scramVerifier(password)),
  );
  await writeSecret(secretArn, { username, password });
}

async function tryLogin(target: RotationTarget, { username, secretArn }: Omit<Login, 'password'>) {
  let answer: string | undefined;
  try {
    const rows = await statements(target, secretArn).execute<{ name: string }>({
      purpose: `log in as ${username}`,
      sql: 'SELECT session_user::text AS name',
    });
    answer = rows[0]?.name;
  } catch (error) {
    throw named(LOGIN_FAILED, (error as Error).message);
  }
  if (answer !== username) throw named(LOGIN_FAILED, `logged in as ${answer} instead of ${username}`);
}

function statements(target: RotationTarget, secretArn: string): DataApi {
  return new DataApi({
    clusterArn: target.clusterArn,
    secretArn,
    database: target.databaseName,
    deadline: Date.now() + TIMEOUT_MILLISECONDS,
  });
}

type Login = LoginSecret & { readonly secretArn: string };

async function logins(target: RotationTarget): Promise<Login[]> {
  return Promise.all(
    target.loginSecretArns.map(async (secretArn) => ({ ...(await readSecret(secretArn)), secretArn })),
  );
}

async function secretOf(target: RotationTarget, username: string): Promise<Login> {
  const login = (await logins(target)).find((one) => one.username === username);
  if (!login) throw new Error(`no secret contains the login ${username}`);
  return login;
}

async function otherLogin(target: RotationTarget, username: string): Promise<Login> {
  const known = await logins(target);
  if (!known.some((one) => one.username === username))
    throw new Error(`the active login ${username} is none of ${known.map((one) => one.username).join(', ')}`);
  return known.find((one) => one.username !== username)!;
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** Logs and returns the result of a step. The result contains names and times, but no password. */
function logged<T extends object>(result: T): T {
  console.log(JSON.stringify({ level: 'info', ...result }));
  return result;
}
