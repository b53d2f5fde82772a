namespace ClockifyFunctions.Configuration;

/// <summary>What a message may do with a credential when it carries its own destination config. Everybody who may send to the records queue can send such a message.</summary>
internal enum InlineConfigs
{
    /// <summary>Endpoints of the catalog, in the workspaces that the credential lists, if it lists any.</summary>
    Endpoints,

    /// <summary>No message may carry a config for this credential.</summary>
    None,

    /// <summary>Also manual requests: any method and path on every host that may receive the key.</summary>
    All,
}
