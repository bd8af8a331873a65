import type { Comparison, ResourceChange } from '../change';
import type { Resource } from '../plan';
import { typeName } from '../resource-type';
import { plain } from '../show';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { changed, gone, isOn, isSomething, items, less, more, turnedOff, turnedOn, value } from './setting';

const NOBODY = /^(none|anonymous|unauthenticated|no|no-password-required|open|public|disabled|off|false|)$/i;
const WEAK =
  /^(api[_-]?key|basic|basic_auth|password|aws_lambda|plaintext|optional|audit|legacy|api_mode_only)$/i;

function strength(value: unknown): number {
  if (value === undefined || NOBODY.test(String(value))) return 0;
  return WEAK.test(String(value)) ? 1 : 2;
}

const isWeaker = (now: unknown, before: unknown): boolean =>
  typeof now !== 'object' && isSomething(before) && strength(now) < strength(before);

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::Lambda::Url'],
    property: 'AuthType',
    worse: (now) => now === 'NONE',
    bad: (now) => now === 'NONE',
    severity: 'danger',
    what: 'Authentication of the function’s URL',
    why: 'Anybody can call it.',
    fix: 'Use AWS_IAM, with CloudFront’s origin access control before it.',
    link: 'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
  },
  {
    types: ['AWS::ApiGateway::Method', 'AWS::ApiGatewayV2::Route'],
    property: 'AuthorizationType',
    absent: 'NONE',
    worse: (now) => now === 'NONE',
    severity: 'danger',
    what: 'Authorization',
    why: 'Anybody can call it.',
    fix: 'Keep the authorizer.',
    link: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html',
  },
  {
    types: ['AWS::Cognito::UserPool'],
    property: 'AdminCreateUserConfig.AllowAdminCreateUserOnly',
    absent: false,
    worse: turnedOff,
    severity: 'danger',
    what: 'Sign-up by administrators only',
    why: 'Anybody can make an account and sign in.',
    fix: 'Keep it on where accounts are given, not taken.',
    link: 'https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-create-user-accounts.html',
  },
  {
    types: ['AWS::Cognito::UserPool'],
    property: 'MfaConfiguration',
    absent: 'OFF',
    worse: (now, before) => rank(now) < rank(before),
    severity: (now) => (now === 'OFF' ? 'danger' : 'caution'),
    what: 'A second factor at sign-in',
    why: 'A password that was guessed or stolen is enough to sign in.',
    fix: 'Keep it ON.',
    link: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html',
  },
  {
    types: ['AWS::Cognito::IdentityPoolRoleAttachment'],
    property: 'Roles.unauthenticated',
    worse: (now, before) => isSomething(now) && !isSomething(before),
    severity: 'danger',
    what: 'The role of guests',
    why: 'Everybody on the internet gets credentials of that role.',
    fix: 'Give guests no role.',
    link: 'https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html',
  },
  {
    types: ['AWS::MemoryDB::Cluster'],
    property: 'ACLName',
    worse: (now) => now === 'open-access',
    bad: (now) => now === 'open-access',
    severity: 'danger',
    what: 'Users of the cluster',
    why: 'Everybody who reaches the cluster gets in without a password.',
    fix: 'Use an access control list with users.',
    link: 'https://docs.aws.amazon.com/memorydb/latest/devguide/clusters.acls.html',
  },
  {
    types: ['AWS::ApiGateway::RestApi'],
    property: 'Policy',
    worse: gone,
    severity: 'danger',
    what: 'The resource policy of the API',
    why: 'Everybody that reaches the API gets past it; only the authorization of single methods is left.',
    fix: 'Keep the policy.',
    link: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html',
  },
];

function rank(value: unknown): number {
  return ['OFF', 'OPTIONAL', 'ON'].indexOf(String(value));
}

const GENERAL: readonly GeneralSetting[] = [
  {
    property:
      /(^|\.)(AllowUnauthenticated\w*|Unauthenticated\.Enabled|AnonymousAuth\w*|NoPasswordRequired|AllowClassicFlow|AllowSelfManagement|AuthorizeAllGroups|AllowPublicOverrides|AllowExternalPrincipals|AutoAccept\w*|IsEnabledForGuests|BypassPolicy\w*|DisableSSO|AllowAuthorizerOverride|EnableUnauthenticated\w*)$/,
    worse: turnedOn,
    bad: isOn,
    severity: 'danger',
    why: 'Callers get in whom nobody has checked.',
    fix: 'Leave it off.',
  },
  {
    property: /(^|\.)AcceptanceRequired$/,
    worse: turnedOff,
    bad: (now) => String(now) === 'false',
    severity: 'danger',
    why: 'Everybody who is allowed to ask is connected, without a person who agrees.',
    fix: 'Keep it on.',
  },
  {
    property: /(^|\.)(HttpTokens|Http(PutResponse)?HopLimit|HttpPutResponseHopLimit)$/,
    worse: (now, before) => (before === 'required' && now !== 'required') || more(now, before),
    bad: (now) => now === 'optional',
    severity: 'caution',
    why: 'A program that can be made to fetch an address gives away the credentials of the machine.',
    fix: 'Keep version 2 of the metadata service required.',
    link: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html',
  },
  {
    property:
      /(^|\.)(\w*Auth(entication|orization|orizer)?(Type|Types|Mode|Modes|Method|Methods|Scheme|Strategy)?|\w*AuthType|\w*AuthMode|IAMAuth|EnableIAM\w*Authentication|IamAuthEnabled|FineGrainedAuthorizationEnabled|QueryAccessControlEnabled|IsACLEnabled|IdentityType|ClientAuthentication(\.\w+)*|AdvancedSecurityOptions(\.\w+)*|AuthenticationStrategy|EnforcementMode|Enforcement|Enforce(?!WorkGroup)\w*|RequireSigned\w*|MutualTls\w*(\.\w+)*|MutualAuthentication(\.\w+)*|SourceApiAssociationConfig\.\w+|OwnershipVerification\w*)$/,
    worse: (now, before) => isWeaker(now, before) || turnedOff(now, before) || gone(now, before),
    severity: 'danger',
    why: 'Callers are checked less than before, or not at all.',
    fix: 'Keep the authentication as it was.',
    link: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/identity-and-access-management.html',
  },
  {
    property:
      /(^|\.)(AuthorizerId|AuthorizationScopes|AuthorizerUri|Authorizers?(\.\w+)*|AuthorizerConfig(\.\w+)*|UserPoolConfig(\.\w+)*|OpenIDConnectConfig(\.\w+)*|LambdaAuthorizerConfig(\.\w+)*|IdentitySource\w*(\.\w+)*|JwtConfiguration(\.\w+)*|ApiKeyRequired|CognitoUserPool\w*|IdentityValidationExpression|ProviderARNs|AuthorizerResultTtlInSeconds|EnableSimpleResponses)$/,
    worse: (now, before) => gone(now, before) || changed(now, before) || turnedOff(now, before),
    severity: 'caution',
    why: 'Others than before get in, or users who got in before are refused.',
    fix: 'Check who may call it, with and without signing in.',
  },
  {
    property: /(^|\.)(\w*Auth(entication|orization)?(Type|Mode))$/,
    worse: (now, before) => changed(now, before) && strength(before) > 0 && typeof now === 'string',
    severity: 'caution',
    why: 'Callers who sign in in the former way are refused.',
    fix: 'Let both ways in for some time.',
  },
  {
    property: /(^|\.)(\w*Admins|\w*Administrators?|AdminRoleArns)(\.\w+)*$|^RoleArns$/,
    worse: (now, before) => now !== undefined && before === undefined,
    severity: 'danger',
    why: 'Another principal may change everything, permissions included.',
    fix: 'Name as few as can stand in for each other.',
  },
  {
    property: /^(?!Name$|Description$)/,
    types:
      /^AWS::(VerifiedPermissions::Policy(Template)?|OpenSearchServerless::AccessPolicy|LakeFormation::(Principal)?Permissions|Organizations::Policy|ServiceCatalog::Launch\w+)$/,
    worse: (now, before) => isSomething(now) && now !== before,
    severity: 'caution',
    why: 'Others may do other things than before.',
    fix: 'Read what each principal may do, before and after.',
  },
  {
    property:
      /(^|\.)(AdditionalAuthenticationProviders|ExplicitAuthFlows|AllowedOAuth\w+|CallbackURLs|LogoutURLs|SupportedIdentityProviders|AllowedFirstAuthFactors|RedirectUris|Client[Ii][Dd]List|ThumbprintList|AllowedClients|AllowedAudience|JwtConfiguration\.Audience|SamlMetadataDocument|AccessString|WriteAttributes|ProviderDetails)(\.\w+)*$/,
    worse: (now, before) => now !== undefined || before !== undefined,
    severity: 'caution',
    why: 'Users get in on other ways than before, or a way that some of them use is closed.',
    fix: 'Check each way in, and remove those that nobody uses.',
    link: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html',
  },
  {
    property:
      /(^|\.)(Mfa\w*|MFA\w*|EnabledMfas|\w*PasswordPolicy(\.\w+)*|PasswordConfiguration(\.\w+)*|UserPoolAddOns(\.\w+)*|PreventUserExistenceErrors|EnableTokenRevocation|DeviceConfiguration(\.\w+)*|AccountTakeover\w*(\.\w+)*|CompromisedCredentials\w*(\.\w+)*|MinimumLength|PasswordHistorySize|Require(Symbols|Numbers|Uppercase|Lowercase)\w*|SignInPolicy(\.\w+)*|UserPoolTier|LambdaConfig(\.\w+)*|ChallengeRequiredOnNewDevice)$/,
    worse: (now, before) =>
      gone(now, before) ||
      turnedOff(now, before) ||
      less(now, before) ||
      isWeaker(now, before) ||
      (/^(PLUS|ESSENTIALS)$/.test(String(before)) && now !== 'PLUS' && now !== before),
    severity: 'caution',
    why: 'Passwords are easier to guess, or a stolen one is enough to sign in.',
    fix: 'Keep the sign-in as strict as it was.',
    link: 'https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html',
  },
  {
    property:
      /(^|\.)(\w*Token(Validity|Expiration|Ttl|Lifetime)\w*|\w*Session(Duration|Timeout|Expir\w*|TimeoutIn\w+)\w*|CredentialDuration\w*|DurationSeconds|Expires|\w*ValidityDays|ValidityPeriod\w*)(\.\w+)*$/,
    worse: more,
    severity: 'caution',
    why: 'A session or token that was stolen stays good for longer.',
    fix: 'Keep it as short as it was.',
  },
];

/** Callers are checked less. */
export const authentication: Rule = {
  name: 'authentication',
  severities: ['danger', 'caution'],
  summary:
    'An API, cluster, broker, database, pool of users or machine checks its callers less: no authentication, guests, an API key, no second factor, self sign-up, weaker passwords, longer sessions.',
  link: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/identity-and-access-management.html',
  settings: SETTINGS,
  general: GENERAL,
  judge: (comparison) => [
    ...openMethods(comparison),
    ...credentials(comparison),
    ...comparison.resources.flatMap(unasked),
  ],
};

const METHODS = /^AWS::(ApiGateway::Method|ApiGatewayV2::Route)$/;
const isOpen = ({ Properties = {} }: Resource): boolean =>
  [undefined, 'NONE'].includes(Properties['AuthorizationType'] as string | undefined) &&
  !isOn(Properties['ApiKeyRequired']);

/** New methods without authorization, in a stack whose other methods have one. */
function openMethods({ resources, base }: Comparison): Observation[] {
  return resources.flatMap((change): Observation[] => {
    const { kind, resourceType, after, stack } = change;
    if (kind !== 'added' || !METHODS.test(resourceType) || !isOpen(after!)) return [];
    const { HttpMethod: method, RouteKey: route } = after!.Properties ?? {};
    if (method === 'OPTIONS' || String(route).startsWith('OPTIONS')) return [];
    const former = base.stacks.find(({ name }) => name === stack)?.template.Resources ?? {};
    if (!Object.values(former).some((other) => METHODS.test(other.Type) && !isOpen(other))) return [];
    return [
      observe(change, {
        severity: 'caution',
        property: 'Properties.AuthorizationType',
        what: `The new ${plain(method ?? route)} has no authorization; others of this API have one.`,
        why: 'Anybody can call it.',
        fix: 'Give it the authorizer of the others, or say in the change why it is for everybody.',
        link: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html',
      }),
    ];
  });
}

/** Load balancers that asked users to sign in, and no longer do. */
function unasked(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (!/^AWS::ElasticLoadBalancingV2::Listener(Rule)?$/.test(resourceType) || !before || !after) return [];
  const asks = ({ Properties = {} }: Resource) =>
    [Properties['DefaultActions'] ?? Properties['Actions']].flatMap((actions) =>
      [...items(actions).values()].filter((action) =>
        String(value(action, 'Type')).startsWith('authenticate-'),
      ),
    ).length > 0;
  if (!asks(before) || asks(after)) return [];
  return [
    observe(change, {
      severity: 'danger',
      property: `Properties.${resourceType.endsWith('Rule') ? 'Actions' : 'DefaultActions'}`,
      what: 'The load balancer no longer asks users to sign in.',
      why: 'Everybody who reaches it gets through to the targets.',
      fix: 'Keep the action that authenticates before the one that forwards.',
      link: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html',
    }),
  ];
}

/** New resources that are a way in by being there. */
const WAYS_IN: Readonly<Record<string, string>> = {
  'AWS::IAM::AccessKey': 'The key is good for ever, from everywhere, until somebody deletes it.',
  'AWS::IAM::UserToGroupAddition': 'Users newly have the permissions of the group.',
  'AWS::SSO::Assignment': 'A person or group newly has the permissions of the set in that account.',
};

function credentials({ resources }: Comparison): Observation[] {
  return resources.flatMap((change): Observation[] => {
    const why = WAYS_IN[change.resourceType];
    if (change.kind !== 'added' || why === undefined) return [];
    return [
      observe(change, {
        severity: 'caution',
        what: `The ${typeName(change.resourceType)} is new.`,
        why,
        fix: 'Use a role that is assumed for the time of a task.',
        link: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
      }),
    ];
  });
}
