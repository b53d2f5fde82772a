// A storage account for blobs. Access is by identity only.
import { grant, retention } from 'types.bicep'

param name string
param location string
param workspaceId string
param privateOnly bool

@description('What the account is for. It becomes a tag.')
param purpose string

param containers string[]

@description('Roles on the whole account.')
param grants grant[]

@description('Days for which deleted blobs and containers can be restored.')
@minValue(1)
@maxValue(365)
param softDeleteDays int

@description('Blobs that the account deletes automatically.')
param retentions retention[] = []

@description('Operations that are logged. Reads of app data are not logged: there are thousands per hour, and metrics count them.')
param logs ('StorageRead' | 'StorageWrite' | 'StorageDelete')[]

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' = {
  name: name
  location: location
  tags: { purpose: purpose }
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateOnly ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: privateOnly ? 'Deny' : 'Allow', bypass: 'None' }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      // Versioning is off, because each change of the metadata of a blob would create a version.
      deleteRetentionPolicy: { enabled: true, days: softDeleteDays, allowPermanentDelete: false }
      containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays }
    }

    // The app creates missing containers itself. Creating them here makes them available before the app starts.
    resource all 'containers' = [for container in containers: {
      name: container
      properties: { publicAccess: 'None' }
    }]
  }

  resource lifecycle 'managementPolicies' = if (!empty(retentions)) {
    name: 'default'
    properties: {
      policy: {
        rules: [for item in retentions: {
          name: split(item.prefix, '/')[0]
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob', 'appendBlob'], prefixMatch: [item.prefix] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: item.days } } }
          }
        }]
      }
    }
    // Azure refuses the policy while the blob service is being changed.
    dependsOn: [blobs]
  }
}

resource roles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for item in grants: {
  name: guid(account.id, item.holder, item.roleId)
  scope: account
  properties: {
    principalId: item.principal.objectId
    principalType: item.principal.?type ?? 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', item.roleId)
  }
}]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    logs: [for category in logs: { category: category, enabled: true }]
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

output id string = account.id
output name string = account.name
