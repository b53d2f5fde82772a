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

  @description('Further hosts that may receive the key, separated by a semicolon: host or host:port for https, http://host to permit calls without encryption. Default: none')
  allowedHosts: string?

  @description('What a message that carries its own destination config may do with the key: nothing, endpoints of the catalog, or also manual requests. Default: endpoints')
  inlineConfigs: ('none' | 'endpoints' | 'all')?

  @description('Ids of the workspaces that such a message may name, separated by a semicolon. Default: all')
  workspaces: string?
}
