/** What went wrong, beside what it is about. */
export const Fault = ({ text }: { text: string | undefined }) =>
  text !== undefined && (
    <p role="alert" className="text-danger">
      {text}
    </p>
  )
