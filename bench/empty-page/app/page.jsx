import { headers } from 'next/headers';

/** Made anew for each request, as every page of the console is. */
export default async function Empty() {
  await headers();
  return <p>Nothing</p>;
}
