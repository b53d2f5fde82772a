// The function app: a .NET isolated worker on Flex Consumption.
import { credential, signIn } from 'types.bicep'

@description('A user-assigned identity of the app.')
type identity = { id: string, clientId: string }

param name string
param location string
param workspaceId string
param insightsConnectionString string
param dataAccountName string
param hostAccountName string
param packageAccountName string
param packageContainer string
param vaultName string

@description('People create and change credentials in the console; the app stores them in the vault.')
param manageCredentials bool

param busName string

@description('Account for the data of the app: blobs, queues, secrets, telemetry.')
param appIdentity identity

@description('What the Functions host uses for its own state, AzureWebJobsStorage.')
param hostIdentity identity

@description('What the platform uses to fetch the package.')
param packageIdentity identity

@description('Empty: outgoing connections use the public network.')
param subnetId string

@description('The app answers only through its private endpoint.')
param privateOnly bool

param allowedAddresses string[]
param allowedDeploymentAddresses string[]
param entra signIn?
param credentials credential[]
param drainTimeBudget string
param gateLeaseDuration string
param lookupMaxAge string
param lookupPageSize int
param sweepSchedule string
param otlpEndpoint string
param maximumInstances int

var storageSuffix = environment().suffixes.storage

// Entra ID accepts a token of this identity instead of a client secret, if this setting names the identity.
var signInIdentitySetting = 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'

func rules(ranges string[]) object[] => map(ranges, (range, index) => { name: 'allowed-${index}', priority: 100 + index, action: 'Allow', ipAddress: range })

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
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${appIdentity.id}': {}, '${hostIdentity.id}': {}, '${packageIdentity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: privateOnly ? 'Disabled' : 'Enabled'
    keyVaultReferenceIdentity: appIdentity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      // This replaces FUNCTIONS_WORKER_RUNTIME and FUNCTIONS_EXTENSION_VERSION, which Flex Consumption does not accept.
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: { maximumInstanceCount: maximumInstances, instanceMemoryMB: 512 }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${packageAccountName}.blob.${storageSuffix}/${packageContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: packageIdentity.id }
        }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      ipSecurityRestrictions: rules(allowedAddresses)
      ipSecurityRestrictionsDefaultAction: empty(allowedAddresses) ? 'Allow' : 'Deny'
      scmIpSecurityRestrictions: rules(allowedDeploymentAddresses)
      scmIpSecurityRestrictionsDefaultAction: empty(allowedDeploymentAddresses) ? 'Allow' : 'Deny'
      scmIpSecurityRestrictionsUseMain: false
    }
  }

  // Uploads require an identity too.
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
        AzureWebJobsStorage__accountName: hostAccountName
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: hostIdentity.clientId
        // The trigger in the host and the senders in the app read the same three settings.
        ServiceBusConnection__fullyQualifiedNamespace: '${busName}.servicebus.windows.net'
        ServiceBusConnection__credential: 'managedidentity'
        ServiceBusConnection__clientId: appIdentity.clientId
        StorageConnection__blobServiceUri: 'https://${dataAccountName}.blob.${storageSuffix}'
        StorageConnection__credential: 'managedidentity'
        StorageConnection__clientId: appIdentity.clientId
        APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${appIdentity.clientId};Authorization=AAD'
        OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint
        SWEEP_SCHEDULE: sweepSchedule
        Drain__TimeBudget: drainTimeBudget
        Gate__LeaseDuration: gateLeaseDuration
        Lookups__MaxAge: lookupMaxAge
        Lookups__PageSize: string(lookupPageSize)
      },
      manageCredentials
        ? {
            KeyVaultUri: 'https://${vaultName}${environment().suffixes.keyvaultDns}'
            KeyVault__credential: 'managedidentity'
            KeyVault__clientId: appIdentity.clientId
          }
        : {},
      entra == null ? {} : { '${signInIdentitySetting}': appIdentity.clientId },
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

  // Azure checks the sign-in before a request reaches the app, and passes the roles of the caller in the header x-ms-client-principal.
  resource signInRules 'config' = if (entra != null) {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true, runtimeVersion: '~1' }
      httpSettings: { requireHttps: true }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'RedirectToLoginPage'
        redirectToProvider: 'azureactivedirectory'
        excludedPaths: ['/api/health/live']
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: entra.?clientId ?? ''
            openIdIssuer: '${environment().authentication.loginEndpoint}${entra.?tenantId ?? tenant().tenantId}/v2.0'
            clientSecretSettingName: signInIdentitySetting
          }
          validation: {
            allowedAudiences: [entra.?clientId ?? '', 'api://${entra.?clientId ?? ''}']
            defaultAuthorizationPolicy: { allowedApplications: union([entra.?clientId ?? ''], entra.?applications ?? []) }
          }
        }
      }
      login: { tokenStore: { enabled: false } }
    }
    // Changes of a site's configuration restart it and must not overlap.
    dependsOn: [settings]
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

output id string = app.id
output name string = app.name
output hostName string = app.properties.defaultHostName
