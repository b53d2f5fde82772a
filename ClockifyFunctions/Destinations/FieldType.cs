namespace ClockifyFunctions.Destinations;

/// <summary>What Clockify takes as the value of a body field. Preflight validation and conversions go by it.</summary>
internal enum FieldType
{
    Text,

    /// <summary><c>2026-07-10T05:30:00Z</c>, or with a numeric offset. Without a zone Clockify refuses it.</summary>
    DateTime,

    /// <summary>ISO-8601, for example <c>PT1H30M</c>.</summary>
    Duration,

    Boolean,
    Integer,

    /// <summary>24 hexadecimal digits.</summary>
    Id,

    Ids,

    /// <summary><c>#RRGGBB</c>.</summary>
    Color,

    Email,
    Emails,

    /// <summary>One of <see cref="TemplateField.Values"/>.</summary>
    Choice,

    /// <summary>A rate: <c>{"amount": 5000}</c>, in minor units.</summary>
    Rate,

    Object,
    Objects,
}
