namespace ClockifyFunctions.Destinations;

/// <summary>The expected content of a successful answer. A 2xx answer with other content comes from a proxy, so the request may not have reached Clockify.</summary>
internal enum AnswerShape
{
    /// <summary>The content is not known, because the destination is a manual request.</summary>
    Any,

    /// <summary>A JSON object with its <c>id</c>.</summary>
    Entity,

    /// <summary>A JSON object.</summary>
    Object,

    /// <summary>A JSON array.</summary>
    List,

    /// <summary>No content, or any JSON. Deletes and calls without a documented answer return it.</summary>
    JsonOrNothing,
}
