import { expect, test } from 'vitest'
import { keyOfUrl } from './flask-url.ts'

test.each([
  ['s3://pics/uploads/u_1/img_1/a.png', 'uploads/u_1/img_1/a.png'],
  ['https://pics.s3.amazonaws.com/uploads/a.png', 'uploads/a.png'],
  ['https://pics.s3.eu-central-1.amazonaws.com/uploads/a%20b.png?X-Amz-Expires=60', 'uploads/a b.png'],
  ['https://my.pics.s3-us-west-2.amazonaws.com/uploads/a.png', 'uploads/a.png'],
  ['https://pics.s3.dualstack.eu-west-1.amazonaws.com/a.png', 'a.png'],
  ['https://s3.eu-central-1.amazonaws.com/pics/uploads/a.png', 'uploads/a.png'],
  ['http://localhost:9000/pics/uploads/a.png#x', 'uploads/a.png'],
  ['http://localhost:9000/pics', ''],
  ['https://pics.s3.amazonaws.com/bad%ZZ', 'bad%ZZ'],
  ['javascript:alert(1)', ''],
  ['not an address', ''],
  ['', ''],
])('%s names the key "%s"', (url, key) => {
  expect(keyOfUrl(url)).toBe(key)
})
