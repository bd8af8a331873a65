import type { Settings } from '../../config';
import { DeliveryParameters, type DeliveryPolicy } from '../../constructs/delivery-roles';
import { readApplication } from '../application/read-application';
import { type EnvironmentSelection, resolveEnvironment } from '../prepare/resolve-environment';
import type { RegisteredPlan } from './approval-record';
import { type DeploymentRecord, deploymentSchema } from './deployment-record';
import { ParameterStore, type StoredVersion } from './parameter-store';
import { parsePlan, parseWith } from './plan-record';
import { policyOf } from './policy';
import { RefusedError } from './refused';
import { Session, type SessionOptions } from './session';

/** An environment, and the name of the person who works on it. */
export interface DeliverySelection extends EnvironmentSelection {
  /** Name of the person, if the user id does not identify the person. */
  readonly as?: string;
}

/** Plans, approvals and deployments of one environment, with the session that reads and writes them. */
export class EnvironmentDelivery {
  private constructor(
    /** Prefix of the environment's names, such as `shop-production`. */
    readonly name: string,
    readonly environment: string,
    readonly application: string,
    readonly settings: Settings,
    readonly session: Session,
    readonly store: ParameterStore,
    readonly parameters: DeliveryParameters,
  ) {}

  /** @throws RefusedError if the credentials belong to another account, or the person lacks the permission */
  static async open(
    selection: DeliverySelection,
    duty: SessionOptions['duty'],
    pollMs?: number,
  ): Promise<EnvironmentDelivery> {
    const { application, environment, settings } = resolveEnvironment(selection);
    const name = `${readApplication(application, settings.application).name}-${environment}`;
    const session = await Session.open({ name, settings, duty, as: selection.as });
    return new EnvironmentDelivery(
      name,
      environment,
      application,
      settings,
      session,
      new ParameterStore(session.ssm, pollMs),
      new DeliveryParameters(name),
    );
  }

  /** The effective rules. */
  policy(): Promise<DeliveryPolicy> {
    const { session, settings, environment } = this;
    return policyOf(this.store, this.parameters, { account: session.account, settings, environment });
  }

  /**
   * Returns a registered plan: the newest registration of a digest, or the one with an id.
   * @param digest the digest, or at least its first eight characters
   * @throws RefusedError if there is none, or if several plans match
   */
  async plan(digest: string, id?: string): Promise<RegisteredPlan> {
    const names = (await this.store.names(this.parameters.plans)).filter((name) => {
      const [author, planned, ...folder] = name.split('/').reverse();
      return (
        author !== undefined &&
        planned?.startsWith(digest) === true &&
        folder.reverse().join('/') === this.parameters.plans
      );
    });
    const digests = [...new Set(names.map((name) => name.split('/').at(-2)!))];
    if (digests.length > 1) throw new RefusedError(`several plans begin with '${digest}'`, digests);
    const plans = (await Promise.all(names.map((name) => this.store.latest(name)))).flatMap((stored) => {
      const record = stored && parsePlan(stored.value);
      return stored && record ? [{ record, stored }] : [];
    });
    const [newest] = plans
      .filter(({ record }) => (id === undefined || record.id === id) && record.digest === digests[0])
      .sort((a, b) => b.stored.at.getTime() - a.stored.at.getTime());
    if (!newest)
      throw new RefusedError(`no plan ${digest.slice(0, 16)} of ${this.name} is registered`, [
        id === undefined || names.length === 0
          ? `run framework53 plan --env ${this.environment}, which registers it`
          : 'the plan was registered again after this folder was written; plan again, or use the digest of the plan',
      ]);
    return { ...newest, authors: names.map((name) => name.split('/').at(-1)!) };
  }

  /** Returns all approvals of a plan, with their writers. */
  async approvals(digest: string): Promise<StoredVersion[]> {
    const folder = `${this.parameters.approvals}/${digest}`;
    const names = (await this.store.names(folder)).filter(
      (name) => name.slice(folder.length + 1).split('/').length === 1,
    );
    const versions = await Promise.all(names.map((name) => this.store.latest(name)));
    return versions.filter((version) => version !== undefined);
  }

  /** Returns the recorded deployment of a registration, or undefined. */
  async deployment(id: string): Promise<DeploymentRecord | undefined> {
    const value = await this.store.read(this.parameters.deployment(id));
    return value === undefined ? undefined : parseWith(deploymentSchema, value);
  }

  /** Returns the newest successful deployment, or undefined. */
  async lastDeployment(): Promise<DeploymentRecord | undefined> {
    const names = await this.store.names(this.parameters.deployments);
    const versions = await Promise.all(names.map((name) => this.store.latest(name)));
    return versions
      .flatMap((version) => {
        const record = version && parseWith(deploymentSchema, version.value);
        return version && record?.state === 'succeeded' ? [{ record, at: version.at }] : [];
      })
      .sort((a, b) => b.at.getTime() - a.at.getTime())[0]?.record;
  }

  /** Removes all but the newest records of a writer. */
  async prune(folder: string, writer: string, keep: number): Promise<void> {
    const own = (await this.store.names(folder)).filter((name) => name.split('/').at(-1) === writer);
    if (own.length <= keep) return;
    const dated = await Promise.all(own.map((name) => this.store.latest(name)));
    const old = dated
      .filter((version) => version !== undefined)
      .sort((a, b) => b.at.getTime() - a.at.getTime())
      .slice(keep);
    for (const { name } of old) await this.store.remove(name);
  }
}
