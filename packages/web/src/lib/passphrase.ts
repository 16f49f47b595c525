/** Nothing that is taken for something else when it is read aloud or typed by hand. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const length = 12

/** A password for somebody else, such as `k7mp-x3tq-9hfw`: 59 bits. */
export function proposePassword(): string {
  const random = crypto.getRandomValues(new Uint32Array(length))
  const text = Array.from(random, (number) => letters[number % letters.length]).join('')
  return text.replace(/(?<=.)(?=(.{4})+$)/g, '-')
}
