/** Actions of the workflows, each pinned to a commit, because a tag can be moved. */
const ACTIONS = {
  checkout: ['actions/checkout', '3d3c42e5aac5ba805825da76410c181273ba90b1', 'v7.0.1'],
  node: ['actions/setup-node', '820762786026740c76f36085b0efc47a31fe5020', 'v7.0.0'],
  upload: ['actions/upload-artifact', 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f', 'v7.0.0'],
  download: ['actions/download-artifact', '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c', 'v8.0.1'],
  credentials: [
    'aws-actions/configure-aws-credentials',
    'e6de054238d6b7531b4efff3b6587d9aade6a06c',
    'v6.2.3',
  ],
} as const;

/** The value of `uses`, with the version as a comment. */
export function uses(action: keyof typeof ACTIONS): string {
  const [name, commit, version] = ACTIONS[action];
  return `${name}@${commit} # ${version}`;
}
