// All resources of ClockifyFunctions, in one resource group. The resources use no keys: the app authenticates with managed identities.
// docs/decisions/azure-rights.md lists the rights of each identity, with reasons.
targetScope = 'resourceGroup'

import { credential, principal, signIn } from 'modules/types.bicep'
import { storageBlobDataContributor, storageBlobDataOwner, storageBlobDataReader } from 'modules/roles.bicep'

@description('Prefix of every name. A hash of the resource group follows where a name must be globally unique.')
@minLength(2)
@maxLength(11)
param name string = 'clockify'

param location string = resourceGroup().location

@description('One entry for each Clockify API key. deploy.sh stores the keys in the vault.')
@minLength(1)
param credentials credential[] = [{ name: 'default' }]

@description('The app may write and delete secrets in the vault, for credentials that are managed in the console. To revoke this right, delete the role assignment; changing the value to false does not revoke it.')
param manageCredentials bool = false

@description('Applications and persons that may send to clockify-records.')
param producers principal[] = []

@description('Applications and persons that may receive from clockify-responses.')
param consumers principal[] = []

@description('How long one drain starts calls, hh:mm:ss, 00:00:05 to 01:00:00. A drain lasts at most 1.5 times as long. That must not exceed maxAutoLockRenewalDuration in host.json (6 minutes), which must be less than functionTimeout.')
param drainTimeBudget string = '00:04:00'

@description('How long a crashed process blocks the deliveries of its API key, 00:00:15 to 00:01:00.')
param gateLeaseDuration string = '00:00:15'

@description('How long the app uses a list of Clockify objects before it reads the list again, 00:01:00 to 7.00:00:00. Empty: 15 minutes, or a day for a credential with fewer than 100 calls an hour.')
param lookupMaxAge string = ''

@description('Objects that one call reads of such a list, 50 to 5000.')
param lookupPageSize int = 1000

@description('How often the sweep sends drain tickets for records whose tickets were lost: an NCRONTAB expression with seconds.')
param sweepSchedule string = '0 * * * * *'

@description('OTLP endpoint for traces, metrics and logs, in addition to Application Insights. Empty: none.')
param otlpEndpoint string = ''

@description('Storage, vault, Service Bus and the app itself are reachable only inside a virtual network. The Service Bus namespace then has the Premium tier, because Standard has no private endpoints.')
param privateNetworking bool = false

@description('Address range of the virtual network, /16 to /26. One half is for the instances of the app, the other half for private endpoints.')
param addressSpace string = '10.0.0.0/16'

@description('TCP ports on the internet that the app may connect to from the virtual network. Add the port of an API or OTLP endpoint that does not use 443.')
param outboundPorts string[] = ['443']

@description('Address ranges (CIDR) that may call the API and the console. Empty: all.')
param allowedAddresses string[] = []

@description('Address ranges (CIDR) that may deploy packages. Empty: all.')
param allowedDeploymentAddresses string[] = []

@description('Sign-in with Entra ID in front of the API and the console. Null: only the function key protects the API.')
param entra signIn?

@description('Days for which deleted blobs can be restored. Data that the app erased is permanently deleted after this time.')
@minValue(1)
@maxValue(365)
param softDeleteDays int = 7

@description('Days after which unprocessed quarantine entries are deleted.')
@minValue(30)
param quarantineRetentionDays int = 180

@description('Days after which the journal of a destination without deliveries is deleted. It must be longer than any pause of a destination, because the journal prevents double creation when deliveries resume.')
@minValue(90)
param journalRetentionDays int = 400

@description('Recipients of alerts. Empty: alerts are visible in the portal only.')
param alertEmail string = ''

@description('Maximum number of instances of each function group. A busy key needs one running drain, whatever the number of instances.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

var unique = uniqueString(resourceGroup().id, name)
var storageName = replace(name, '-', '')
var packageContainer = 'packages'

module appIdentity 'modules/identity.bicep' = {
  params: { name: '${name}-app', location: location }
}

module hostIdentity 'modules/identity.bicep' = {
  params: { name: '${name}-host', location: location }
}

module packageIdentity 'modules/identity.bicep' = {
  params: { name: '${name}-package', location: location }
}

module monitoring 'modules/monitoring.bicep' = {
  params: { name: name, location: location, appPrincipalId: appIdentity.outputs.principalId }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  params: { name: name, location: location, addressSpace: addressSpace, outboundPorts: outboundPorts }
}

// The app's own blobs.
module data 'modules/storage.bicep' = {
  params: {
    name: take('${storageName}data${unique}', 24)
    location: location
    purpose: 'records, journal, quarantine and settings of the app'
    containers: ['destinations', 'backlog', 'journal', 'quarantine', 'lookups', 'links', 'gates']
    grants: [{ holder: 'app', principal: { objectId: appIdentity.outputs.principalId }, roleId: storageBlobDataContributor }]
    softDeleteDays: softDeleteDays
    retentions: [
      { prefix: 'quarantine/', days: quarantineRetentionDays }
      { prefix: 'journal/', days: journalRetentionDays }
      // Lists of names and e-mail addresses. A list in use is written again at least once a week.
      { prefix: 'lookups/', days: 30 }
    ]
    logs: ['StorageDelete']
    workspaceId: monitoring.outputs.workspaceId
    privateOnly: privateNetworking
  }
}

// The state of the Functions host: locks and function keys. The host creates its containers itself.
module host 'modules/storage.bicep' = {
  params: {
    name: take('${storageName}host${unique}', 24)
    location: location
    purpose: 'locks and function keys of the Functions host'
    containers: []
    grants: [{ holder: 'host', principal: { objectId: hostIdentity.outputs.principalId }, roleId: storageBlobDataOwner }]
    softDeleteDays: softDeleteDays
    logs: ['StorageDelete']
    workspaceId: monitoring.outputs.workspaceId
    privateOnly: privateNetworking
  }
}

// The deployed package. The platform reads it; deploy.sh grants write access only for the time of an upload.
module package 'modules/storage.bicep' = {
  params: {
    name: take('${storageName}code${unique}', 24)
    location: location
    purpose: 'deployed package'
    containers: [packageContainer]
    grants: [{ holder: 'package', principal: { objectId: packageIdentity.outputs.principalId }, roleId: storageBlobDataReader }]
    softDeleteDays: softDeleteDays
    logs: ['StorageWrite', 'StorageDelete']
    workspaceId: monitoring.outputs.workspaceId
    privateOnly: privateNetworking
  }
}

module vault 'modules/vault.bicep' = {
  params: {
    name: take('${name}-${unique}', 24)
    location: location
    appPrincipalId: appIdentity.outputs.principalId
    manageCredentials: manageCredentials
    workspaceId: monitoring.outputs.workspaceId
    privateOnly: privateNetworking
  }
}

module bus 'modules/servicebus.bicep' = {
  params: {
    name: '${name}-${unique}'
    location: location
    appPrincipalId: appIdentity.outputs.principalId
    producers: producers
    consumers: consumers
    workspaceId: monitoring.outputs.workspaceId
    privateOnly: privateNetworking
  }
}

module endpoints 'modules/endpoints.bicep' = if (privateNetworking) {
  params: {
    name: name
    location: location
    networkId: network.?outputs.?networkId ?? ''
    subnetId: network.?outputs.?endpointSubnetId ?? ''
    zoneNames: ['privatelink.blob.${environment().suffixes.storage}', 'privatelink.vaultcore.azure.net', 'privatelink.servicebus.windows.net']
    targets: [
      { name: 'data', id: data.outputs.id, group: 'blob', zone: 0 }
      { name: 'host', id: host.outputs.id, group: 'blob', zone: 0 }
      { name: 'package', id: package.outputs.id, group: 'blob', zone: 0 }
      { name: 'vault', id: vault.outputs.id, group: 'vault', zone: 1 }
      { name: 'bus', id: bus.outputs.id, group: 'namespace', zone: 2 }
    ]
  }
}

module app 'modules/app.bicep' = {
  params: {
    name: '${name}-${unique}'
    location: location
    appIdentity: { id: appIdentity.outputs.id, clientId: appIdentity.outputs.clientId }
    hostIdentity: { id: hostIdentity.outputs.id, clientId: hostIdentity.outputs.clientId }
    packageIdentity: { id: packageIdentity.outputs.id, clientId: packageIdentity.outputs.clientId }
    dataAccountName: data.outputs.name
    hostAccountName: host.outputs.name
    packageAccountName: package.outputs.name
    packageContainer: packageContainer
    vaultName: vault.outputs.name
    manageCredentials: manageCredentials
    busName: bus.outputs.name
    insightsConnectionString: monitoring.outputs.connectionString
    workspaceId: monitoring.outputs.workspaceId
    subnetId: network.?outputs.?appSubnetId ?? ''
    privateOnly: privateNetworking
    allowedAddresses: allowedAddresses
    allowedDeploymentAddresses: allowedDeploymentAddresses
    entra: entra
    credentials: credentials
    drainTimeBudget: drainTimeBudget
    gateLeaseDuration: gateLeaseDuration
    lookupMaxAge: lookupMaxAge
    lookupPageSize: lookupPageSize
    sweepSchedule: sweepSchedule
    otlpEndpoint: otlpEndpoint
    maximumInstances: maximumInstances
  }
  // The app starts as soon as it is created, and needs its storage then.
  dependsOn: [endpoints]
}

module appEndpoint 'modules/endpoints.bicep' = if (privateNetworking) {
  params: {
    name: name
    location: location
    networkId: network.?outputs.?networkId ?? ''
    subnetId: network.?outputs.?endpointSubnetId ?? ''
    // This zone covers the app and its deployment site.
    zoneNames: ['privatelink.azurewebsites.net']
    targets: [{ name: 'app', id: app.outputs.id, group: 'sites', zone: 0 }]
  }
}

module alerts 'modules/alerts.bicep' = {
  params: {
    name: name
    location: location
    email: alertEmail
    workspaceId: monitoring.outputs.workspaceId
    busId: bus.outputs.id
  }
}

module workbook 'modules/workbook.bicep' = {
  params: { name: name, location: location, workspaceId: monitoring.outputs.workspaceId }
}

output appName string = app.outputs.name
output consoleUrl string = 'https://${app.outputs.hostName}/api/console'
output vaultId string = vault.outputs.id
output packageAccountId string = package.outputs.id
output packagePrincipalId string = packageIdentity.outputs.principalId
