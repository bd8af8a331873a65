import type { ApplicationRole } from './role-statements';

/** Properties of the custom resource. The construct writes them, the handler reads them. */
export interface DatabaseRolesProperties {
  readonly ClusterArn: string;
  /** Changes when the cluster is replaced, so that the new cluster gets its roles. */
  readonly ClusterResourceId: string;
  readonly MasterSecretArn: string;
  readonly DatabaseName: string;
  readonly ApplicationRole: ApplicationRole;
  readonly LoginASecretArn: string;
  readonly LoginBSecretArn: string;
  readonly ActiveSecretArn: string;
  readonly OwnerSecretArn: string;
  readonly ReaderSecretArn: string;
  readonly OperatorSecretArn: string;
  /** Changes with the statements, so that an update of this package reaches existing databases. */
  readonly Revision: string;
}
