// Private endpoints, and the DNS zones that resolve the services' names to them inside the network.
import { endpointTarget } from 'types.bicep'

param name string
param location string
param networkId string
param subnetId string
param zoneNames string[]
param targets endpointTarget[]

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for zone in zoneNames: {
  name: zone
  location: 'global'
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (zone, index) in zoneNames: {
  parent: zones[index]
  name: name
  location: 'global'
  properties: { virtualNetwork: { id: networkId }, registrationEnabled: false }
}]

resource endpoints 'Microsoft.Network/privateEndpoints@2026-01-01' = [for target in targets: {
  name: '${name}-${target.name}'
  location: location
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      { name: target.name, properties: { privateLinkServiceId: target.id, groupIds: [target.group] } }
    ]
  }
}]

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-01-01' = [for (target, index) in targets: {
  parent: endpoints[index]
  name: 'default'
  properties: { privateDnsZoneConfigs: [{ name: target.name, properties: { privateDnsZoneId: zones[target.zone].id } }] }
}]
