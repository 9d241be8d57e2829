/** The document of an issued invoice, beside what leads to its page. */
export function PdfLink({ id, number }: { id: string; number: string }) {
  return (
    <a
      href={`/api/console/documents/invoices/${id}`}
      download
      aria-label={`Download PDF of ${number}`}
      className="btn btn-sm relative z-1"
    >
      PDF
    </a>
  );
}
