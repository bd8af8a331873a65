import { rows } from './case';

/** Changes that the review recognises by the form of the values, each with a harmless variant. */
export const shapeRows = rows(`
caution | WorkSpacesWeb::UserSettings | {CopyAllowed: Disabled} | {CopyAllowed: Enabled} | {PasteAllowed: Disabled}
caution | WorkSpacesWeb::UserSettings | {} | {DownloadAllowed: Enabled} | {PasteAllowed: Disabled}
clean | WorkSpacesWeb::UserSettings | {CopyAllowed: Enabled} | {CopyAllowed: Enabled, Tags: [{Key: a, Value: b}]} | {PasteAllowed: Disabled}
caution | AppStream::Stack | {UserSettings: [{Action: FILE_DOWNLOAD, Permission: DISABLED}]} | {UserSettings: [{Action: FILE_DOWNLOAD, Permission: ENABLED}]} | {Name: s}
caution | Transfer::Connector | {Url: 'sftp://files.partner.example'} | {Url: 'sftp://files.other.example'} | {AccessRole: r}
caution | Athena::DataCatalog | {Parameters: {function: 'arn:aws:lambda:eu-west-1:111122223333:function:a'}} | {Parameters: {function: 'arn:aws:lambda:eu-west-1:111122223333:function:b'}} | {Name: c, Type: LAMBDA}
caution | QuickSight::Dashboard | {Permissions: [{Principal: p, Actions: ['quicksight:DescribeDashboard']}]} | {Permissions: [{Principal: p, Actions: ['quicksight:DescribeDashboard', 'quicksight:UpdateDashboardPermissions']}]} | {DashboardId: d}
caution | QuickSight::DataSet | {Permissions: [{Principal: p, Actions: ['quicksight:PassDataSet']}]} | {Permissions: [{Principal: p, Actions: ['quicksight:PassDataSet']}, {Principal: q, Actions: ['quicksight:PassDataSet']}]} | {DataSetId: d}
clean | QuickSight::Dashboard | {Permissions: [{Principal: p, Actions: ['quicksight:A', 'quicksight:B']}]} | {Permissions: [{Principal: p, Actions: ['quicksight:B', 'quicksight:A']}]} | {DashboardId: d}
caution | Logs::AccountPolicy | {PolicyDocument: '{"Name":"p","Statement":[{"Sid":"a","DataIdentifier":["arn:aws:dataprotection::aws:data-identifier/EmailAddress","arn:aws:dataprotection::aws:data-identifier/Name"],"Operation":{"Deidentify":{"MaskConfig":{}}}}]}'} | {PolicyDocument: '{"Name":"p","Statement":[{"Sid":"a","DataIdentifier":["arn:aws:dataprotection::aws:data-identifier/EmailAddress"],"Operation":{"Deidentify":{"MaskConfig":{}}}}]}'} | {PolicyName: n, PolicyType: DATA_PROTECTION_POLICY}
caution | SNS::Topic | {DataProtectionPolicy: {Statement: [{Sid: a, DataDirection: Inbound, Principal: ['*'], DataIdentifier: [e, n], Operation: {Deny: {}}}]}} | {DataProtectionPolicy: {Statement: [{Sid: a, DataDirection: Inbound, Principal: ['*'], DataIdentifier: [e], Operation: {Deny: {}}}]}}
caution | Evidently::Launch | {ScheduledSplitsConfig: [{StartTime: t, GroupWeights: [{GroupName: a, SplitWeight: 90000}, {GroupName: b, SplitWeight: 10000}]}]} | {ScheduledSplitsConfig: [{StartTime: t, GroupWeights: [{GroupName: a, SplitWeight: 10000}, {GroupName: b, SplitWeight: 90000}]}]} | {Name: l, Project: p}
clean | Evidently::Launch | {ScheduledSplitsConfig: [{StartTime: t, GroupWeights: [{GroupName: b, SplitWeight: 10000}]}]} | {ScheduledSplitsConfig: [{StartTime: t, GroupWeights: [{GroupName: b, SplitWeight: 12000}]}]} | {Name: l, Project: p}
caution | Lambda::Function | {Environment: {Variables: {TABLE_NAME: orders}}} | {Environment: {Variables: {TABLE_NAME: orders-new}}}
clean | Lambda::Function | {Environment: {Variables: {LOG_FORMAT: text}}} | {Environment: {Variables: {LOG_FORMAT: json}}}
caution | Glue::Connection | {ConnectionInput: {ConnectionProperties: {JDBC_CONNECTION_URL: 'jdbc:postgresql://a/b'}}} | {ConnectionInput: {ConnectionProperties: {JDBC_CONNECTION_URL: 'jdbc:postgresql://c/b'}}} | {CatalogId: c}
caution | Lambda::EventSourceMapping | {FunctionName: {Ref: A}} | {FunctionName: {'Fn::Sub': '\${B}:live'}} | {EventSourceArn: q}
caution | Deadline::Queue | {RoleArn: {'Fn::Sub': 'arn:aws:iam::\${AWS::AccountId}:role/a'}} | {RoleArn: {'Fn::Sub': 'arn:aws:iam::\${AWS::AccountId}:role/b'}} | {DisplayName: q, FarmId: f}
caution | LakeFormation::DataCellsFilter | {RowFilter: {FilterExpression: "country = 'CH'"}} | {RowFilter: {FilterExpression: "country <> 'XX'"}} | {Name: n}
caution | Connect::SecurityProfile | {Permissions: [BasicAgentAccess]} | {Permissions: [BasicAgentAccess, Users.Edit]} | {SecurityProfileName: s}
clean | Connect::SecurityProfile | {Permissions: [A, B]} | {Permissions: [B, A]} | {SecurityProfileName: s}
caution | CodeArtifact::PackageGroup | {OriginConfiguration: {Restrictions: {Publish: {RestrictionMode: BLOCK}}}} | {OriginConfiguration: {Restrictions: {Publish: {RestrictionMode: ALLOW}}}} | {Pattern: /npm/*}
clean | CodeArtifact::PackageGroup | {OriginConfiguration: {Restrictions: {Publish: {RestrictionMode: ALLOW}}}} | {OriginConfiguration: {Restrictions: {Publish: {RestrictionMode: BLOCK}}}} | {Pattern: /npm/*}
`);
