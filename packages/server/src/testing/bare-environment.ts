const { PATH, NODE_COMPILE_CACHE } = process.env

/** What a program needs to be found, and not to be compiled anew for each test; none of the settings of this machine. */
export const bareEnvironment: Record<string, string> = {
  ...(PATH && { PATH }),
  ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }),
}
