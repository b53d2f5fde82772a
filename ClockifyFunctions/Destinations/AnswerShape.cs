namespace ClockifyFunctions.Destinations;

/// <summary>What a successful answer to a request holds. Anything else with a status of 2xx comes from a proxy, and the request may not have arrived.</summary>
internal enum AnswerShape
{
    /// <summary>Not known: a manual request.</summary>
    Any,

    /// <summary>A JSON object with its <c>id</c>.</summary>
    Entity,

    /// <summary>A JSON object.</summary>
    Object,

    /// <summary>A JSON array.</summary>
    List,

    /// <summary>Nothing, or JSON of any kind: what deletes and calls without a documented answer give.</summary>
    JsonOrNothing,
}
