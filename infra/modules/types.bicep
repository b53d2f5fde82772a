@export()
@description('A Clockify API key: where it may go, and how fast.')
type credential = {
  @description('1 to 64 of a-z and 0-9, for the name is part of app settings. The key is the secret clockify-NAME in the vault.')
  @minLength(1)
  @maxLength(64)
  name: string

  @description('Regional or sandbox API. Default: https://api.clockify.me/api/v1')
  baseUrl: string?

  @description('Header that carries the key. Default: X-Api-Key')
  header: string?

  @description('Permits/period, several separated by a semicolon. Default: 10/00:00:01')
  limits: string?

  @description('Further hosts that may see the key, host or host:port, separated by a semicolon. Default: none')
  allowedHosts: string?
}
