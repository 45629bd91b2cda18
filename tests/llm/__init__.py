"""The product with a language model beside the product without one, on the same cases: `make eval-llm`.

A small real model is served on this machine from an environment of its own, or any endpoint by ASKWELL_LLM_BASE_URL,
ASKWELL_LLM_MODEL and ASKWELL_LLM_API_KEY. However weak the model is, what must be 0 is 0; how good it is, is told beside.
"""
