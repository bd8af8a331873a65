import type { Operations } from '../core/aws-api';
import { PREFIX_LISTS } from './egress-route';
import { CLOUDFRONT_PREFIX_LIST } from './vpc-origin';

/** API operations of EC2. */
export const EC2_OPERATIONS: Operations = {
  'ec2:DescribeManagedPrefixLists': (input) => {
    const name = String(input['Filter.1.Value.1']);
    const id = prefixList(name);
    const item =
      id && `<item><prefixListId>${id}</prefixListId><prefixListName>${name}</prefixListName></item>`;
    return `<DescribeManagedPrefixListsResponse><prefixListSet>${item ?? ''}</prefixListSet></DescribeManagedPrefixListsResponse>`;
  },
};

/** Returns the id of an AWS prefix list, or undefined for an unknown name. */
function prefixList(name: string): string | undefined {
  return name === 'com.amazonaws.global.cloudfront.origin-facing'
    ? CLOUDFRONT_PREFIX_LIST
    : PREFIX_LISTS[/^com\.amazonaws\.[\w-]+\.(\w+)$/.exec(name)?.[1] ?? ''];
}
