// A virtual network with one subnet for the app's outgoing connections and one for the private endpoints.
param name string
param location string
param addressSpace string

@description('TCP ports on the internet that the app may connect to.')
param outboundPorts string[]

// Two halves of the address space.
var prefix = parseCidr(addressSpace).cidr + 1

resource appRules 'Microsoft.Network/networkSecurityGroups@2026-01-01' = {
  name: '${name}-app'
  location: location
  properties: {
    securityRules: [
      {
        name: 'internet'
        properties: {
          description: 'Clockify, Entra ID and Azure Monitor. Connections to private endpoints are allowed by the default rules.'
          priority: 100
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Internet'
          destinationPortRanges: outboundPorts
        }
      }
      {
        name: 'nothing-else'
        properties: {
          priority: 4000
          direction: 'Outbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Internet'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource endpointRules 'Microsoft.Network/networkSecurityGroups@2026-01-01' = {
  name: '${name}-endpoints'
  location: location
  properties: {
    securityRules: [
      {
        name: 'https-and-amqp'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: 'VirtualNetwork'
          destinationPortRanges: ['443', '5671']
        }
      }
      {
        name: 'nothing-else'
        properties: {
          priority: 4000
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2026-01-01' = {
  name: '${name}-network'
  location: location
  properties: {
    addressSpace: { addressPrefixes: [addressSpace] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressSpace, prefix, 0)
          networkSecurityGroup: { id: appRules.id }
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressSpace, prefix, 1)
          networkSecurityGroup: { id: endpointRules.id }
          // Without this, private endpoints ignore the security group.
          privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled'
        }
      }
    ]
  }

  resource app 'subnets' existing = { name: 'app' }
  resource endpoints 'subnets' existing = { name: 'endpoints' }
}

output networkId string = network.id
output appSubnetId string = network::app.id
output endpointSubnetId string = network::endpoints.id
