import { DescribeManagedPrefixListsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { customResource } from '../handler/custom-resource';

const ec2 = new EC2Client({});

/** Finds the id of a prefix list of AWS, which differs from region to region. */
export const handler = customResource(async (event) => {
  if (event.RequestType === 'Delete') return undefined;
  const name = String(event.ResourceProperties.PrefixListName);
  const { PrefixLists = [] } = await ec2.send(
    new DescribeManagedPrefixListsCommand({ Filters: [{ Name: 'prefix-list-name', Values: [name] }] }),
  );
  const id = PrefixLists[0]?.PrefixListId;
  if (!id) throw new Error(`there is no prefix list '${name}' in this region`);
  return { data: { PrefixListId: id } };
});
