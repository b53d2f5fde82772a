@export()
@description('A Clockify API key: where the app may send it, and how fast.')
type credential = {
  @description('1 to 64 of a-z and 0-9, because the name is part of app settings. The key is the secret clockify-NAME in the vault.')
  @minLength(1)
  @maxLength(64)
  name: string

  @description('Regional or sandbox API. Default: https://api.clockify.me/api/v1')
  baseUrl: string?

  @description('Header that carries the key. Default: X-Api-Key')
  header: string?

  @description('Permits/period, several separated by a semicolon. Default: 10/00:00:01')
  limits: string?

  @description('Additional hosts that may receive the key, separated by a semicolon: host or host:port for https, http://host to allow calls without encryption. Default: none')
  allowedHosts: string?

  @description('Which destination configs a message may carry for this key: none, endpoints of the catalog, or also manual requests. Default: endpoints')
  inlineConfigs: ('none' | 'endpoints' | 'all')?

  @description('Ids of the workspaces that such a message may name, separated by a semicolon. Default: all')
  workspaces: string?
}

@export()
@description('A person, group or application in Entra ID.')
type principal = {
  @description('The object id. For an application: the id of its service principal or managed identity, not its client id.')
  @minLength(36)
  @maxLength(36)
  objectId: string

  @description('Default: ServicePrincipal')
  type: ('ServicePrincipal' | 'User' | 'Group')?
}

@export()
@description('A role for a principal.')
type grant = {
  @description('Part of the assignment\'s id. It is known before the identities are created, unlike their object ids, so what-if can show the assignment.')
  holder: string

  principal: principal
  @description('The id of a built-in role, see roles.bicep.')
  roleId: string
}

@export()
@description('Sign-in with Entra ID in front of the API and the console. docs/decisions/sign-in.md contains the commands that create the app registration.')
type signIn = {
  @description('The client id of the app registration.')
  @minLength(36)
  @maxLength(36)
  clientId: string

  @description('The tenant of the app registration. Default: the tenant of the subscription.')
  tenantId: string?

  @description('Client ids of additional applications whose tokens the API accepts. Default: none')
  applications: string[]?
}

@export()
@description('How long blobs are kept after their last change.')
type retention = {
  @description('The container, optionally with a name prefix: container/prefix.')
  prefix: string

  @description('Days since the last write to the blob.')
  days: int
}

@export()
@description('A service that gets a private endpoint.')
type endpointTarget = {
  name: string
  id: string

  @description('The part of the service that the endpoint connects to, for example blob.')
  group: string

  @description('The index of the private DNS zone that contains the address.')
  zone: int
}
