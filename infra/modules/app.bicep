// The function app on Flex Consumption, with the custom handler's settings.
import { credential } from 'types.bicep'

param name string
param location string
param identityId string
param clientId string
param storageName string
param vaultName string
param busName string
param insightsConnectionString string
param workspaceId string

@description('Empty: outgoing calls take the public way.')
param subnetId string

param credentials credential[]
param drainTimeBudget string
param gateLeaseDuration string
param sweepSchedule string
param otlpEndpoint string
param maximumInstances int

var blobs = 'https://${storageName}.blob.${environment().suffixes.storage}'

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: name
  location: location
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      // This replaces FUNCTIONS_WORKER_RUNTIME and FUNCTIONS_EXTENSION_VERSION, which Flex Consumption does not take.
      // 1.0 is the version of the stack, not of the app. ARM takes any text here, and an unknown one fails only when the host starts.
      runtime: { name: 'custom', version: '1.0' }
      scaleAndConcurrency: { maximumInstanceCount: maximumInstances, instanceMemoryMB: 512 }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobs}/packages'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
    }
    siteConfig: { minTlsVersion: '1.2' }
  }

  // Package upload is by identity, too.
  resource noPasswordForUpload 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource noPasswordForFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: union(
      {
        // The host's own state. Its storage and Service Bus clients, and ours, read the same three suffixes.
        AzureWebJobsStorage__accountName: storageName
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: clientId
        ServiceBusConnection__fullyQualifiedNamespace: '${busName}.servicebus.windows.net'
        ServiceBusConnection__credential: 'managedidentity'
        ServiceBusConnection__clientId: clientId
        StorageConnection__blobServiceUri: blobs
        StorageConnection__credential: 'managedidentity'
        StorageConnection__clientId: clientId
        APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
        OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint
        SWEEP_SCHEDULE: sweepSchedule
        Drain__TimeBudget: drainTimeBudget
        Gate__LeaseDuration: gateLeaseDuration
      },
      reduce(
        map(credentials, item => {
          'Credentials__${item.name}__ApiKey': '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=clockify-${item.name})'
          'Credentials__${item.name}__BaseUrl': item.?baseUrl ?? 'https://api.clockify.me/api/v1'
          'Credentials__${item.name}__Header': item.?header ?? 'X-Api-Key'
          'Credentials__${item.name}__Limits': item.?limits ?? '10/00:00:01'
          'Credentials__${item.name}__AllowedHosts': item.?allowedHosts ?? ''
          'Credentials__${item.name}__InlineConfigs': item.?inlineConfigs ?? 'endpoints'
          'Credentials__${item.name}__Workspaces': item.?workspaces ?? ''
        }),
        {},
        (all, one) => union(all, one)
      )
    )
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output name string = app.name
output hostName string = app.properties.defaultHostName
