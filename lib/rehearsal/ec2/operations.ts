import type { Operations } from '../core/aws-api';

/** API operations of EC2. */
export const EC2_OPERATIONS: Operations = {
  'ec2:DescribeManagedPrefixLists': (input) =>
    `<DescribeManagedPrefixListsResponse><prefixListSet><item><prefixListId>pl-3b927c52</prefixListId><prefixListName>${input['Filter.1.Value.1']}</prefixListName></item></prefixListSet></DescribeManagedPrefixListsResponse>`,
};
