namespace ClockifyFunctions.Configuration;

/// <summary>Which destination configs a message may carry for a credential. Every producer that can send to the records queue can send such a message.</summary>
internal enum InlineConfigs
{
    /// <summary>Endpoints of the catalog, in the workspaces that the credential lists. An empty list allows all workspaces.</summary>
    Endpoints,

    /// <summary>No message may carry a config for this credential.</summary>
    None,

    /// <summary>Also manual requests: any method and path on every host that may receive the key.</summary>
    All,
}
