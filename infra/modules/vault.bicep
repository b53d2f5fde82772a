// The API keys.
import { keyVaultSecretsOfficer, keyVaultSecretsUser } from 'roles.bicep'

param name string
param location string
param appPrincipalId string
param workspaceId string
param privateOnly bool

@description('Whether the app may write and delete secrets in addition to reading them.')
param manageCredentials bool

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    publicNetworkAccess: privateOnly ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: privateOnly ? 'Deny' : 'Allow', bypass: 'None' }
  }
}

resource roles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for roleId in concat([keyVaultSecretsUser], manageCredentials ? [keyVaultSecretsOfficer] : []): {
  name: guid(vault.id, 'app', roleId)
  scope: vault
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
  }
}]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = vault.id
output name string = vault.name
