using 'main.bicep'

// One entry for each Clockify API key. Everything but the name has a default.
param credentials = [
  {
    name: 'default'
    limits: '10/00:00:01'
  }
]

param alertEmail = ''
param privateNetworking = false

// deploy.sh sets it to whoever runs it.
param keyWriterObjectId = readEnvironmentVariable('KEY_WRITER_OBJECT_ID', '')
