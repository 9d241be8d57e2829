import { notFound } from 'next/navigation';

/** Any address that no screen answers: the shell stays around the page that says so. */
export default function Nowhere() {
  notFound();
}
